using System.Collections.Immutable;

namespace WebhookKit.Retry;

/// <summary>The delays between the attempts of a delivery. Immutable.</summary>
public sealed class RetrySchedule
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(365);

    private readonly ImmutableArray<TimeSpan> _delays;

    /// <summary>Makes a schedule.</summary>
    /// <param name="delays">
    /// The delay after each failed attempt, in order, each from zero to 365 days; none means a single attempt.
    /// </param>
    /// <param name="jitter">How far a delay may deviate, either way, as a fraction of itself: 0 to 1.</param>
    /// <exception cref="ArgumentException">A delay or the jitter is out of range.</exception>
    public RetrySchedule(IEnumerable<TimeSpan> delays, double jitter = RetryDefaults.Jitter)
    {
        ArgumentNullException.ThrowIfNull(delays);
        _delays = [.. delays];
        for (var i = 0; i < _delays.Length; i++)
        {
            if (_delays[i] < TimeSpan.Zero || _delays[i] > LongestDelay)
            {
                throw new ArgumentException(
                    $"Retry delay {i + 1} is {_delays[i]}: give each delay from zero to {LongestDelay.Days} days.", nameof(delays));
            }
        }

        if (jitter is not (>= 0 and <= 1))
        {
            throw new ArgumentException($"The jitter is {jitter}: give a fraction from 0 (none) to 1.", nameof(jitter));
        }

        Jitter = jitter;
    }

    /// <summary>Ten attempts: at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, ±20 %.</summary>
    public static RetrySchedule Default { get; } = new(
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10),
        TimeSpan.FromHours(14),
        TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ]);

    /// <summary>The delay after each failed attempt, before jitter.</summary>
    public IReadOnlyList<TimeSpan> Delays => _delays;

    /// <summary>How far a delay may deviate, either way, as a fraction of itself.</summary>
    /// <value>Defaults to 0.2.</value>
    public double Jitter { get; }

    /// <summary>How many attempts a delivery gets, the first included.</summary>
    public int MaxAttempts => _delays.Length + 1;

    /// <summary>Says how long to wait before the next attempt.</summary>
    /// <param name="attemptsMade">How many attempts have been made; zero asks for the first, which is due at once.</param>
    /// <param name="random">A number from 0 up to but not including 1 that picks the point within the jitter.</param>
    /// <returns>The delay, or null when the attempts are exhausted.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="attemptsMade"/> is negative or <paramref name="random"/> is not within [0, 1).
    /// </exception>
    public TimeSpan? GetDelay(int attemptsMade, double random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(attemptsMade);
        if (random is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(random), random, "Give a number from 0 up to but not including 1.");
        }

        if (attemptsMade >= MaxAttempts)
        {
            return null;
        }

        return attemptsMade == 0 ? TimeSpan.Zero : _delays[attemptsMade - 1] * (1 + (Jitter * ((2 * random) - 1)));
    }
}
