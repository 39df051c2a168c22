using System.CommandLine;
using WebhookKit.Cli.Input;

namespace WebhookKit.Cli.Secrets;

/// <summary><c>webhookkit secret new|public</c>: the keys of Standard Webhooks.</summary>
internal static class SecretCommand
{
    public static Command Create(CliHost host) => new("secret", "Makes secrets and keys of Standard Webhooks.")
    {
        CreateNew(host),
        CreatePublic(host),
    };

    private static Command CreateNew(CliHost host)
    {
        var bytes = new Option<int>("--bytes") { Description = "How many random bytes a secret has, 24 to 64.", DefaultValueFactory = _ => 32 };
        var asymmetric = new Option<bool>("--asymmetric") { Description = "Make an Ed25519 signing key (whsk_…) and its verification key (whpk_…)." };
        var json = JsonOption.Create();
        var command = new Command("new", "Prints a new secret (whsec_…).") { bytes, asymmetric, json };
        command.SetAction((parsed, _) => parsed.GetValue(asymmetric)
            ? PrintPairAsync(host, WebhookSigningKey.Generate(), parsed.GetValue(json))
            : PrintSecretAsync(host, parsed.GetValue(bytes), parsed.GetValue(json)));
        return command;
    }

    private static Command CreatePublic(CliHost host)
    {
        var secrets = new SecretInput();
        var json = JsonOption.Create();
        var command = new Command("public", "Prints the verification key (whpk_…) of a signing key (whsk_…), for those who receive.") { json };
        secrets.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (await secrets.ReadAsync(parsed, host, cancellationToken).ConfigureAwait(false) is not [var text])
            {
                throw new UsageException("Give one signing key, by --secret-env, --secret-file or --secret.");
            }

            if (!WebhookSigningKey.TryParse(text, out var key, out var error))
            {
                throw new UsageException(error);
            }

            var verificationKey = key.VerificationKey.ToString();
            await host.Out.WriteLineAsync(parsed.GetValue(json)
                ? JsonText.Object(writer => writer.WriteString("verificationKey", verificationKey))
                : verificationKey).ConfigureAwait(false);
            return ExitCode.Yes;
        });
        return command;
    }

    private static async Task<int> PrintSecretAsync(CliHost host, int bytes, bool asJson)
    {
        if (bytes is < WebhookSecret.MinBytes or > WebhookSecret.MaxBytes)
        {
            throw new UsageException($"A secret has {WebhookSecret.MinBytes} to {WebhookSecret.MaxBytes} bytes.");
        }

        var secret = WebhookSecret.Generate(bytes).Reveal();
        await host.Out.WriteLineAsync(asJson ? JsonText.Object(writer => writer.WriteString("secret", secret)) : secret).ConfigureAwait(false);
        return ExitCode.Yes;
    }

    private static async Task<int> PrintPairAsync(CliHost host, WebhookSigningKey key, bool asJson)
    {
        await host.Out.WriteLineAsync(asJson
            ? JsonText.Object(writer =>
            {
                writer.WriteString("signingKey", key.Reveal());
                writer.WriteString("verificationKey", key.VerificationKey.ToString());
            })
            : $"{key.Reveal()}{Environment.NewLine}{key.VerificationKey}").ConfigureAwait(false);
        return ExitCode.Yes;
    }
}
