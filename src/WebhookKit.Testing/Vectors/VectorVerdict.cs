namespace WebhookKit.Testing;

/// <summary>What the library says of a vector.</summary>
/// <param name="Vector">The vector.</param>
/// <param name="Agrees">Whether that is what the vector expects.</param>
/// <param name="Got"><c>valid</c>, <c>invalid</c>, or <c>unknown</c> where the catalogue has no such entry or kind.</param>
/// <param name="Why">The status behind it, or what differs; never a secret or an expected signature.</param>
public sealed record VectorVerdict(SignatureVector Vector, bool Agrees, string Got, string Why)
{
    /// <summary>One line: id, provider, expected, got and why.</summary>
    public override string ToString() =>
        $"{Vector.Id} {Vector.EntryName} expected {(Vector.IsExpectedValid ? "valid" : "invalid")} got {Got}: {Why} ({Vector.Reason})";
}
