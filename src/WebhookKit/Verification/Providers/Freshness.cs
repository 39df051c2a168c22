namespace WebhookKit.Verification;

/// <summary>Judges how far the instant that a request was signed at is from now.</summary>
internal sealed class Freshness
{
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _tolerance;

    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative.</exception>
    public Freshness(VerifierContext context)
    {
        if (context.Tolerance < TimeSpan.Zero && context.Tolerance != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(context), "The tolerance is negative.");
        }

        _timeProvider = context.TimeProvider;
        _tolerance = context.Tolerance;
    }

    /// <summary>Whether instants are looked at.</summary>
    public bool IsJudged => _tolerance != Timeout.InfiniteTimeSpan;

    public DateTimeOffset Now => _timeProvider.GetUtcNow();

    /// <summary>How far clocks may be apart; zero where instants are not looked at.</summary>
    public TimeSpan Tolerance => IsJudged ? _tolerance : TimeSpan.Zero;

    /// <summary>The verdict on a request whose signature matches.</summary>
    /// <param name="id">The signed id, or null.</param>
    /// <param name="signedAt">When it says it was signed.</param>
    /// <param name="keyIndex">The key that matched.</param>
    /// <param name="isWholeSeconds">Whether it says so in whole seconds: then now counts in them too.</param>
    /// <param name="isInclusive">Whether the tolerance itself is still within it.</param>
    public VerificationResult Judge(
        string? id, DateTimeOffset signedAt, int keyIndex, bool isWholeSeconds = true, bool isInclusive = true)
    {
        var distance = isWholeSeconds
            ? TimeSpan.FromSeconds(Math.Abs(Now.ToUnixTimeSeconds() - signedAt.ToUnixTimeSeconds()))
            : (Now - signedAt).Duration();
        return !IsJudged || distance < _tolerance || (isInclusive && distance == _tolerance)
            ? VerificationResult.Verified(id, signedAt, keyIndex)
            : VerificationResult.OutsideTolerance(id, signedAt, keyIndex);
    }
}
