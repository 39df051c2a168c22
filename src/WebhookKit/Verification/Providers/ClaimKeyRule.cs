namespace WebhookKit.Verification;

/// <summary>What makes two requests of a provider the same event.</summary>
/// <remarks>
/// An id that the signature does not cover, such as GitHub's <c>X-GitHub-Delivery</c>, is never a claim key: whoever
/// replays a captured request could change it. Where a rule finds nothing, the one of <see cref="Otherwise"/> takes its
/// place, and last <see cref="SignedContent"/>.
/// </remarks>
public sealed class ClaimKeyRule
{
    private ClaimKeyRule(ClaimKeySource source)
    {
        Source = source;
    }

    /// <summary>The id that the signature covers, <see cref="VerificationResult.Id"/>.</summary>
    public static ClaimKeyRule SignedId { get; } = new(ClaimKeySource.SignedId);

    /// <summary>
    /// The SHA-256 of the payload, and of the URL before it where that is signed; an event of several in one request adds
    /// its place among them.
    /// </summary>
    public static ClaimKeyRule SignedContent { get; } = new(ClaimKeySource.SignedContent);

    /// <summary>
    /// The SHA-256 as of <see cref="SignedContent"/> and the signed timestamp, <see cref="VerificationResult.Timestamp"/>: for
    /// events whose bytes may be those of an earlier one. Where the provider signs its retries anew, each is handled.
    /// </summary>
    public static ClaimKeyRule SignedContentAndTimestamp { get; } = new(ClaimKeySource.SignedContentAndTimestamp);

    /// <summary>
    /// Every request is an event of its own, never a duplicate: for pings without content, where two of the same bytes are
    /// two events and one too many does no harm.
    /// </summary>
    public static ClaimKeyRule Request { get; } = new(ClaimKeySource.Request);

    /// <summary>Where the claim key comes from.</summary>
    public ClaimKeySource Source { get; }

    /// <summary>The JSON pointers (RFC 6901) of the members, read within the event; empty for the other sources.</summary>
    public IReadOnlyList<string> Pointers { get; private init; } = [];

    /// <summary>The headers; empty for the other sources.</summary>
    public IReadOnlyList<string> HeaderNames { get; private init; } = [];

    /// <summary>The rule that takes its place where this one finds nothing; null for <see cref="SignedContent"/>.</summary>
    public ClaimKeyRule? Next { get; private init; }

    /// <summary>Members of the event's JSON: their values in this order, joined by <c>:</c>.</summary>
    /// <param name="pointers">JSON pointers (RFC 6901) within the event, one at least; values are strings or numbers.</param>
    /// <exception cref="ArgumentException">There is no pointer.</exception>
    public static ClaimKeyRule Members(params ReadOnlySpan<string> pointers) => pointers.IsEmpty
        ? throw new ArgumentException("Name at least one member.", nameof(pointers))
        : new ClaimKeyRule(ClaimKeySource.Members) { Pointers = pointers.ToArray() };

    /// <summary>
    /// Headers of the request: their values in this order, joined by <c>:</c>; an event of several in one request adds its
    /// place among them. Only for headers that are signed, or providers that sign nothing.
    /// </summary>
    /// <param name="names">The names, one at least; each must be there once.</param>
    /// <exception cref="ArgumentException">There is no name.</exception>
    public static ClaimKeyRule Headers(params ReadOnlySpan<string> names) => names.IsEmpty
        ? throw new ArgumentException("Name at least one header.", nameof(names))
        : new ClaimKeyRule(ClaimKeySource.Headers) { HeaderNames = names.ToArray() };

    /// <summary>Returns this rule with another that takes its place where it finds nothing, behind those it has already.</summary>
    /// <param name="rule">The other rule.</param>
    public ClaimKeyRule Otherwise(ClaimKeyRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new ClaimKeyRule(Source) { Pointers = Pointers, HeaderNames = HeaderNames, Next = Next?.Otherwise(rule) ?? rule };
    }
}
