using System.Text.Json;
using WebhookKit.Testing;

namespace WebhookKit.Cli.Verification;

/// <summary>A line per disagreement, and last how many passed and failed.</summary>
internal static class VectorReport
{
    public static async Task<int> RunAsync(string file, CliHost host, bool asJson, CancellationToken cancellationToken)
    {
        var (passed, failed) = (0, 0);
        foreach (var vector in await ReadAsync(file, cancellationToken).ConfigureAwait(false))
        {
            var verdict = await VectorJudge.JudgeAsync(vector, cancellationToken).ConfigureAwait(false);
            if (verdict.Agrees)
            {
                passed++;
                continue;
            }

            failed++;
            await host.Out.WriteLineAsync(asJson ? ToJson(verdict) : OneLine(verdict.ToString())).ConfigureAwait(false);
        }

        await host.Out.WriteLineAsync(asJson
            ? JsonText.Object(writer =>
            {
                writer.WriteNumber("passed", passed);
                writer.WriteNumber("failed", failed);
            })
            : $"{passed} passed, {failed} failed").ConfigureAwait(false);
        return failed == 0 ? ExitCode.Yes : ExitCode.No;
    }

    private static async Task<IReadOnlyList<SignatureVector>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return SignatureVector.Parse(await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw new UsageException($"'{file}' is not a file of vectors: {exception.Message}");
        }
    }

    private static string ToJson(VectorVerdict verdict) => JsonText.Object(writer =>
    {
        writer.WriteString("id", verdict.Vector.Id);
        writer.WriteString("provider", verdict.Vector.EntryName);
        writer.WriteString("expected", verdict.Vector.IsExpectedValid ? "valid" : "invalid");
        writer.WriteString("got", verdict.Got);
        writer.WriteString("why", verdict.Why);
    });

    private static string OneLine(string text) => string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
}
