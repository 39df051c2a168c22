using Microsoft.Extensions.Logging;

namespace WebhookKit.Architecture.Tests.LogEvents;

public sealed partial class LogEventTests
{
    [Fact]
    public void LogEvents_OfAllPackages_AreUniqueAndInTheirBlocks() =>
        Violations.AssertNone(LogEventRules.Check(
            [.. Packages.All.SelectMany(package => LogEvent.Of(package.Name, package.Assembly.GetTypes()))],
            Packages.All));

    [Fact]
    public void Of_InternalLogClass_IsRead() =>
        Assert.Equal([new LogEvent("WebhookKit", "Sampled", 1000, "Sampled")], LogEvent.Of("WebhookKit", [typeof(Log)]));

    [Theory]
    [InlineData("WebhookKit", 2000, "Sampled", "outside")]
    [InlineData("WebhookKit.Testing", 1000, "Sampled", "no block")]
    [InlineData("WebhookKit", 1000, "Other", "EventName")]
    [InlineData("WebhookKit", 1000, null, "EventName")]
    public void Check_BadEvent_IsAViolation(string package, int id, string? name, string expected) =>
        Assert.Contains(expected, Assert.Single(LogEventRules.Check([new(package, "Sampled", id, name)], Packages.All)), StringComparison.Ordinal);

    [Fact]
    public void Check_SharedIdOrName_IsAViolation()
    {
        Assert.Contains("id 1000", Assert.Single(LogEventRules.Check(
            [new("WebhookKit", "A", 1000, "A"), new("WebhookKit", "B", 1000, "B")], Packages.All)), StringComparison.Ordinal);
        Assert.Contains("name A", Assert.Single(LogEventRules.Check(
            [new("WebhookKit", "A", 1000, "A"), new("WebhookKit.Sender", "A", 2000, "A")], Packages.All)), StringComparison.Ordinal);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1000, EventName = nameof(Sampled), Level = LogLevel.Debug, Message = "Sampled")]
        public static partial void Sampled(ILogger logger);
    }
}
