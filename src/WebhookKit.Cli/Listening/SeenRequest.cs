using WebhookKit.Verification;

namespace WebhookKit.Cli.Listening;

/// <summary>A request, the verdict on it and what was answered.</summary>
internal sealed record SeenRequest(WebhookRequest Request, IReadOnlyList<KeyValuePair<string, string>> Headers, Verdict? Verdict, int StatusCode);
