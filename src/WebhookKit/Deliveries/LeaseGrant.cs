namespace WebhookKit.Deliveries;

/// <summary>How many deliveries of one endpoint a lease may take, and when their requests may begin.</summary>
/// <param name="Deliveries">At most so many; 0 means none now.</param>
/// <param name="FirstIn">How long from now until the first may begin; <see langword="null"/>: at once, all of them.</param>
/// <param name="Interval">The time from one to the next.</param>
/// <param name="IsProbe">Whether the one delivery finds out if an endpoint works again.</param>
public readonly record struct LeaseGrant(int Deliveries, TimeSpan? FirstIn, TimeSpan Interval, bool IsProbe)
{
    /// <summary>How long from now until the given delivery of the lease may begin.</summary>
    /// <param name="index">Counted from 0, in the order in which they are to be sent.</param>
    public TimeSpan? StartsIn(int index) => FirstIn + index * Interval;
}
