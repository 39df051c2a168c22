namespace WebhookKit.Chaos.Checking;

/// <summary>A promise that the run has shown to be broken.</summary>
/// <param name="Invariant">Its id in the design: I1 to I11.</param>
/// <param name="What">What was seen.</param>
internal sealed record Violation(string Invariant, string What);

/// <summary>Looks through a history for violations of one invariant; pure.</summary>
internal interface IInvariant
{
    IEnumerable<Violation> Check(Evidence evidence);
}
