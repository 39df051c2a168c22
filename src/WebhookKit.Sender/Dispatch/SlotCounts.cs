namespace WebhookKit.Dispatch;

/// <summary>A number of slots, and how many of them belong to endpoints that take long.</summary>
/// <param name="All">Slots of any endpoint.</param>
/// <param name="Slow">Of these, slots of endpoints that are slow or hang.</param>
/// <param name="Hanging">Of these, slots of endpoints that hang.</param>
internal readonly record struct SlotCounts(int All, int Slow, int Hanging)
{
    /// <summary>How many of the slots an endpoint may have.</summary>
    public int For(EndpointPace pace) => pace switch
    {
        EndpointPace.Quick => All,
        EndpointPace.Hanging => Math.Min(All, Math.Min(Slow, Hanging)),
        _ => Math.Min(All, Slow),
    };

    public SlotCounts Plus(int count, EndpointPace pace) => new(
        All + count,
        pace == EndpointPace.Quick ? Slow : Slow + count,
        pace == EndpointPace.Hanging ? Hanging + count : Hanging);

    public SlotCounts Minus(SlotCounts other) => new(All - other.All, Slow - other.Slow, Hanging - other.Hanging);
}
