using WebhookKit.Verification;

namespace WebhookKit.Receiving;

/// <summary>One rule of a provider's claim keys, ready to be followed.</summary>
internal sealed class ClaimKeyStep(ClaimKeyRule rule)
{
    public ClaimKeySource Source => rule.Source;

    public IReadOnlyList<string> HeaderNames => rule.HeaderNames;

    public JsonPointer[] Members { get; } = [.. rule.Pointers.Select(pointer => new JsonPointer(pointer))];

    /// <summary>The rules in the order they are tried.</summary>
    public static IEnumerable<ClaimKeyStep> Of(ClaimKeyRule rule)
    {
        for (var next = rule; next is not null; next = next.Next)
        {
            yield return new ClaimKeyStep(next);
        }
    }
}
