using System.CommandLine;
using WebhookKit.Cli.Listening;
using WebhookKit.Cli.Secrets;
using WebhookKit.Cli.Signing;
using WebhookKit.Cli.Verification;

namespace WebhookKit.Cli;

/// <summary>The commands, and what goes wrong before one of them begins.</summary>
internal static class CliApplication
{
    public static async Task<int> RunAsync(string[] arguments, CliHost host, CancellationToken cancellationToken = default)
    {
        var root = new RootCommand("Signs, verifies and receives webhooks. Ends with 0 for yes, 1 for no, 2 for wrong usage.")
        {
            SignCommand.Create(host),
            VerifyCommand.Create(host),
            SecretCommand.Create(host),
            ListenCommand.Create(host),
        };
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await host.Error.WriteLineAsync(error.Message).ConfigureAwait(false);
            }

            await host.Error.WriteLineAsync("See webhookkit --help.").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        try
        {
            var invocation = new InvocationConfiguration { Output = host.Out, Error = host.Error, EnableDefaultExceptionHandler = false };
            return await parsed.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is UsageException or IOException or UnauthorizedAccessException)
        {
            await host.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return ExitCode.Usage;
        }
    }
}
