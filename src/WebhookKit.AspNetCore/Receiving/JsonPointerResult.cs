namespace WebhookKit.Receiving;

/// <summary>What following a JSON pointer came to.</summary>
internal enum JsonPointerResult
{
    None = 0,
    Found,
    Missing,
    Duplicate,
    Malformed,
}
