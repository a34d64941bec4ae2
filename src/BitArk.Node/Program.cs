using BitArk.Node.Hosting;

NodeProcess.PrepareThreadPool();
return await NodeProcess.RunAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
