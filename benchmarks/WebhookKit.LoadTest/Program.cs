using System.CommandLine;
using WebhookKit.LoadTest;
using WebhookKit.LoadTest.Beside;
using WebhookKit.LoadTest.Drain;
using WebhookKit.LoadTest.Flow;
using WebhookKit.LoadTest.Noisy;
using WebhookKit.LoadTest.Processes;
using WebhookKit.LoadTest.Publish;
using WebhookKit.LoadTest.Receive;
using WebhookKit.LoadTest.Scale;

var root = new RootCommand("Measures WebhookKit end to end against work written by hand; the last line of output is one JSON object.")
{
    BesideCommand.Create(),
    DrainCommand.Create(),
    PublishCommand.Create(),
    FlowCommand.Create(),
    ReceiveCommand.Create(),
    NoisyCommand.Create(),
    ScaleCommand.Create(),
    RoleCommand.Create(),
};
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (LoadTestException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
catch (OperationCanceledException)
{
    return 1;
}
