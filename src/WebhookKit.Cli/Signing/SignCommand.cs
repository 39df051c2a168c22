using System.CommandLine;
using WebhookKit.Cli.Input;

namespace WebhookKit.Cli.Signing;

/// <summary><c>webhookkit sign</c>: prints the headers that carry a signature.</summary>
internal static class SignCommand
{
    public static Command Create(CliHost host)
    {
        var provider = ProviderInput.Argument();
        var secrets = new SecretInput();
        var request = new RequestInput();
        var id = new Option<string?>("--id") { Description = "The signed id; a new one unless given." };
        var timestamp = Instant.Option("--timestamp", "When it is signed, in Unix seconds; now unless given.");
        var json = JsonOption.Create();
        var command = new Command("sign", "Signs a body as the provider does, and prints the headers to send with it.") { provider, id, timestamp, json };
        secrets.AddTo(command);
        request.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var entry = ProviderInput.Find(parsed.GetValue(provider)!);
            var work = new SigningWork
            {
                Provider = entry,
                Secrets = await secrets.ReadAsync(parsed, host, cancellationToken).ConfigureAwait(false),
                Settings = request.ReadSettings(parsed, entry),
                Request = await request.ReadAsync(parsed, host, cancellationToken).ConfigureAwait(false),
                GivenHeaders = request.ReadHeaders(parsed),
                Id = parsed.GetValue(id) ?? new Identifiers.IdGenerator(host.TimeProvider).NewMessageId().ToString(),
                Timestamp = Instant.Read(parsed.GetValue(timestamp)) ?? host.TimeProvider.GetUtcNow(),
            };
            var headers = await RequestSigner.SignAsync(work, cancellationToken).ConfigureAwait(false);
            await PrintAsync(host, headers, parsed.GetValue(json)).ConfigureAwait(false);
            return ExitCode.Yes;
        });
        return command;
    }

    private static async Task PrintAsync(CliHost host, IReadOnlyList<KeyValuePair<string, string>> headers, bool asJson)
    {
        if (asJson)
        {
            await host.Out.WriteLineAsync(JsonText.Object(writer =>
            {
                writer.WriteStartObject("headers");
                foreach (var (name, value) in headers)
                {
                    writer.WriteString(name, value);
                }

                writer.WriteEndObject();
            })).ConfigureAwait(false);
            return;
        }

        foreach (var (name, value) in headers)
        {
            await host.Out.WriteLineAsync($"{name}: {value}").ConfigureAwait(false);
        }
    }
}
