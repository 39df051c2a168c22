namespace WebhookKit.Cli.Listening;

/// <summary>One JSON object a line.</summary>
internal sealed class JsonPrinter(TextWriter output, IReadOnlyList<string> secrets) : IRequestPrinter
{
    private readonly SafeText _safe = new(secrets);

    public Task PrintListeningAsync(string url) => WriteAsync(JsonText.Object(json => json.WriteString("listening", url)));

    public Task PrintAsync(SeenRequest seen) => WriteAsync(JsonText.Object(json =>
    {
        json.WriteString("method", _safe.Of(seen.Request.Method));
        json.WriteString("url", _safe.Of(seen.Request.Url ?? ""));
        json.WriteStartArray("headers");
        foreach (var (name, value) in seen.Headers)
        {
            json.WriteStartArray();
            json.WriteStringValue(_safe.Of(name));
            json.WriteStringValue(_safe.Of(value));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteString("body", _safe.OfBody(seen.Request.Body));
        json.WriteNumber("bodyBytes", seen.Request.Body.Length);
        if (seen.Verdict is { } verdict)
        {
            json.WriteBoolean("accepted", verdict.IsAccepted);
            json.WriteString("reason", verdict.Reason);
        }

        json.WriteNumber("answered", seen.StatusCode);
    }));

    // Whoever reads a pipe wants each line when it is there.
    private async Task WriteAsync(string line)
    {
        await output.WriteLineAsync(line).ConfigureAwait(false);
        await output.FlushAsync().ConfigureAwait(false);
    }
}
