return await BitArk.Benchmarks.SingleNode.NodeVerbs.RunAsync(args[1..]);
