namespace WebhookKit.Architecture.Tests;

/// <summary>Every rule here is a function from facts to sentences, so that a test can feed it bad facts.</summary>
internal static class Violations
{
    public static void AssertNone(IEnumerable<string> violations)
    {
        var found = violations.ToList();
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }
}
