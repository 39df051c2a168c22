using System.Buffers;
using System.Text;
using System.Text.Json;
using WebhookKit.Verification;

namespace WebhookKit.Receiving;

/// <summary>Finds out, for the log alone, how a body was changed on its way so that its signature no longer matches.</summary>
internal sealed class MismatchHints(TimeProvider timeProvider)
{
    // Hashing what anybody may send is work: bounded in size, and done once a second whatever comes.
    private const int MaxBodyBytes = 64 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly (string Change, Func<ReadOnlyMemory<byte>, byte[]?> Undo)[] Changes =
    [
        ("it was given a byte order mark", body => body.Span.StartsWith("\uFEFF"u8) ? body[3..].ToArray() : null),
        ("it lost its byte order mark", body => [.. "\uFEFF"u8, .. body.Span]),
        ("its line ends became CR LF", body => Replace(body, "\r\n", "\n")),
        ("its line ends became LF", body => Replace(Replace(body, "\r\n", "\n"), "\n", "\r\n")),
        ("a line end was added to it", body => body.Span.EndsWith("\r\n"u8) ? body[..^2].ToArray() : body.Span.EndsWith("\n"u8) ? body[..^1].ToArray() : null),
        ("it lost the line end behind it", body => [.. body.Span, .. "\n"u8]),
        ("it was taken for Latin-1 and encoded again", body => Latin1(Encoding.UTF8.GetString(body.Span))),
        ("it was decoded and encoded as Latin-1", body => Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(body.Span))),
        ("it was parsed and written anew with other spaces", Compact),
    ];

    private long _next;

    /// <summary>Returns the end of a log sentence, or nothing.</summary>
    public async ValueTask<string> FindAsync(
        IWebhookVerifier verifier, WebhookRequest request, VerificationStatus status, CancellationToken cancellationToken)
    {
        if (status != VerificationStatus.SignatureMismatch || request.Body.Length > MaxBodyBytes || !MayLook())
        {
            return "";
        }

        foreach (var (change, undo) in Changes)
        {
            if (undo(request.Body) is { } before && !request.Body.Span.SequenceEqual(before))
            {
                var changed = new WebhookRequest(request.Method, request.Url, request.Headers, before);
                var verified = await verifier.VerifyAsync(changed, cancellationToken);
                if (verified.Status is VerificationStatus.Verified or VerificationStatus.TimestampOutsideTolerance)
                {
                    return $", and was changed on its way: {change}. Look for a proxy or middleware that rewrites bodies";
                }
            }
        }

        return "; no usual change of a body explains it, so compare the secrets first";
    }

    private bool MayLook()
    {
        var now = timeProvider.GetTimestamp();
        var next = Interlocked.Read(ref _next);
        var step = (long)(Interval.TotalSeconds * timeProvider.TimestampFrequency);
        return now >= next && Interlocked.CompareExchange(ref _next, now + step, next) == next;
    }

    private static byte[]? Replace(ReadOnlyMemory<byte>? body, string what, string with) => body is { } bytes
        ? Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes.Span).Replace(what, with, StringComparison.Ordinal))
        : null;

    private static byte[]? Latin1(string text) => text.All(c => c <= '\u00ff') ? Encoding.Latin1.GetBytes(text) : null;

    private static byte[]? Compact(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var buffer = new ArrayBufferWriter<byte>(body.Length);
            using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                document.WriteTo(writer);
            }

            return buffer.WrittenSpan.ToArray();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
