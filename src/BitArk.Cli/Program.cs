using BitArk.Cli;
using BitArk.Cli.Terminal;

return (int)await BitArkCommand.RunAsync(args, CliConsole.ForProcess(), CancellationToken.None).ConfigureAwait(false);
