namespace WebhookKit.Verification;

/// <summary>What makes two requests of a provider the same event.</summary>
/// <remarks>
/// An id that the signature does not cover, such as GitHub's <c>X-GitHub-Delivery</c>, is never a claim key: whoever
/// replays a captured request could change it. Where a rule finds nothing, <see cref="SignedContent"/> takes its place.
/// </remarks>
public sealed class ClaimKeyRule
{
    private ClaimKeyRule(ClaimKeySource source, IReadOnlyList<string> pointers)
    {
        Source = source;
        Pointers = pointers;
    }

    /// <summary>The id that the signature covers, <see cref="VerificationResult.Id"/>.</summary>
    public static ClaimKeyRule SignedId { get; } = new(ClaimKeySource.SignedId, []);

    /// <summary>
    /// The SHA-256 of the payload, and of the URL before it where that is signed; an event of several in one request adds
    /// its place among them.
    /// </summary>
    public static ClaimKeyRule SignedContent { get; } = new(ClaimKeySource.SignedContent, []);

    /// <summary>
    /// Every request is an event of its own, never a duplicate: for pings without content, where two of the same bytes are
    /// two events and one too many does no harm.
    /// </summary>
    public static ClaimKeyRule Request { get; } = new(ClaimKeySource.Request, []);

    /// <summary>Where the claim key comes from.</summary>
    public ClaimKeySource Source { get; }

    /// <summary>The JSON pointers (RFC 6901) of the members, read within the event; empty for the other sources.</summary>
    public IReadOnlyList<string> Pointers { get; }

    /// <summary>Members of the event's JSON: their values in this order, joined by <c>:</c>.</summary>
    /// <param name="pointers">JSON pointers (RFC 6901) within the event, one at least; values are strings or numbers.</param>
    /// <exception cref="ArgumentException">There is no pointer.</exception>
    public static ClaimKeyRule Members(params ReadOnlySpan<string> pointers) => pointers.IsEmpty
        ? throw new ArgumentException("Name at least one member.", nameof(pointers))
        : new ClaimKeyRule(ClaimKeySource.Members, pointers.ToArray());
}
