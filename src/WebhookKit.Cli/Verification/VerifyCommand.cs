using System.CommandLine;
using WebhookKit.Cli.Input;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Cli.Verification;

/// <summary><c>webhookkit verify</c>: one request, or a file of vectors.</summary>
internal static class VerifyCommand
{
    public static Command Create(CliHost host)
    {
        var provider = new Argument<string?>("provider")
        {
            Description = "An entry of the catalogue, such as stripe or standard-webhooks.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var vectors = new Option<string?>("--vectors") { Description = "A file of vectors to check instead of one request." };
        var secrets = new SecretInput();
        var request = new RequestInput();
        var tolerance = new Option<double?>("--tolerance")
        {
            Description = "The greatest distance, either way, between the signed timestamp and now, in seconds; the provider's own unless given.",
        };
        var now = Instant.Option("--now", "The clock to pretend, in Unix seconds.");
        var json = JsonOption.Create();
        var command = new Command("verify", "Verifies a request as the provider's receiver does, and says what is wrong with it.")
        {
            provider, vectors, tolerance, now, json,
        };
        secrets.AddTo(command);
        request.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if ((parsed.GetValue(provider) is null) == (parsed.GetValue(vectors) is null))
            {
                throw new UsageException("Name a provider, or give --vectors FILE.");
            }

            if (parsed.GetValue(vectors) is { } file)
            {
                return await VectorReport.RunAsync(file, host, parsed.GetValue(json), cancellationToken).ConfigureAwait(false);
            }

            var entry = ProviderInput.Find(parsed.GetValue(provider)!);
            var context = new VerifierContext
            {
                Secrets = await secrets.ReadAsync(parsed, host, entry, cancellationToken).ConfigureAwait(false),
                Tolerance = ReadTolerance(parsed.GetValue(tolerance)) ?? entry.DefaultTolerance,
                TimeProvider = Instant.Read(parsed.GetValue(now)) is { } instant ? new FakeTimeProvider(instant) : host.TimeProvider,
                Settings = request.ReadSettings(parsed, entry),
            };
            var received = await request.ReadAsync(parsed, host, cancellationToken).ConfigureAwait(false);
            var finding = await Diagnosis.FindAsync(entry, context, received, cancellationToken).ConfigureAwait(false);
            await host.Out.WriteLineAsync(parsed.GetValue(json) ? finding.ToJson() : finding.ToString()).ConfigureAwait(false);
            return finding.IsVerified ? ExitCode.Yes : ExitCode.No;
        });
        return command;
    }

    private static TimeSpan? ReadTolerance(double? seconds) => seconds switch
    {
        null => null,
        >= 0 and <= 315_360_000 => TimeSpan.FromSeconds(seconds.Value),
        _ => throw new UsageException("A tolerance is 0 to 315360000 seconds."),
    };
}
