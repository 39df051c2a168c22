using System.CommandLine;
using WebhookKit.Cli.Input;

namespace WebhookKit.Cli.Listening;

/// <summary><c>webhookkit listen</c>: shows what a local receiver is sent.</summary>
internal static class ListenCommand
{
    public static Command Create(CliHost host)
    {
        var provider = new Option<string?>("--provider") { Description = "Verify as this entry of the catalogue, and answer its handshakes." };
        var secrets = new SecretInput();
        var settings = new RequestInput();
        var port = new Option<int>("--port") { Description = "The loopback port; 0 takes a free one.", DefaultValueFactory = _ => 5005 };
        var status = new Option<int>("--status") { Description = "The status of every answer.", DefaultValueFactory = _ => 200 };
        var count = new Option<int?>("--count") { Description = "Stop after this many requests." };
        var url = new Option<string?>("--public-url") { Description = "What the provider calls, scheme and host, for those that sign the URL." };
        var json = JsonOption.Create();
        var command = new Command("listen", "Receives on this machine, prints every request with its verdict, and answers with a chosen status.")
        {
            provider, port, status, count, url, json,
        };
        secrets.AddTo(command);
        settings.AddSettingsTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(status) is < 100 or > 599)
            {
                throw new UsageException("A status is 100 to 599.");
            }

            if (parsed.GetValue(port) is < 0 or > 65535)
            {
                throw new UsageException("A port is 0 to 65535.");
            }

            var entry = parsed.GetValue(provider) is { } name ? ProviderInput.Find(name) : null;
            string[] keys = entry is null ? [] : await secrets.ReadAsync(parsed, host, entry, cancellationToken).ConfigureAwait(false);
            var examiner = entry is null ? null : new RequestExaminer(entry, keys, settings.ReadSettings(parsed, entry), host.TimeProvider);
            IRequestPrinter printer = parsed.GetValue(json) ? new JsonPrinter(host.Out, keys) : new ConsolePrinter(host.Out, keys);
            var receiver = new LocalReceiver(printer, examiner)
            {
                Port = parsed.GetValue(port),
                StatusCode = parsed.GetValue(status),
                Count = parsed.GetValue(count),
                PublicUrl = parsed.GetValue(url),
            };
            await receiver.RunAsync(cancellationToken).ConfigureAwait(false);
            return ExitCode.Yes;
        });
        return command;
    }
}
