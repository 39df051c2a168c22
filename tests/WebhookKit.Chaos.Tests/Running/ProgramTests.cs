
namespace WebhookKit.Chaos.Tests.Running;

public sealed class ProgramTests
{
    private static readonly string[] Points = ["after-lease", "after-2xx", "mid-completion", "mid-fan-out", "random"];

    // A test machine may be much slower than the faults are fast.
    private static readonly string[] Patient = ["--work-seconds", "40"];

    [Fact]
    public async Task ShortForm_EveryFaultOnce_BreaksNoInvariant()
    {
        var run = await ProgramRun.StartAsync(["--seed", "20", .. Patient]);

        Assert.True(run.ExitCode == 0, run.Errors + run.Output);
        var result = run.Result;
        Assert.All(Points, point => Assert.Equal(1, result.GetProperty("killsPerPoint").GetProperty(point).GetInt32()));
        Assert.Equal(3, result.GetProperty("stalls").GetInt32());
        Assert.All(result.GetProperty("leasedAtKill").EnumerateArray(), leased => Assert.NotEqual(0, leased.GetInt32()));
        Assert.All(["lost", "phantom", "orderViolations"], name => Assert.Equal(0, result.GetProperty(name).GetInt32()));
        Assert.InRange(result.GetProperty("duplicates").GetInt32(), 1, result.GetProperty("duplicatesAllowed").GetInt32());
        Assert.Equal(1, result.GetProperty("maxOverlap").GetInt32());
        Assert.Equal(20, result.GetProperty("seed").GetInt32());
        Assert.Empty(result.GetProperty("violations").EnumerateObject());

        // Each way a transaction can go was taken.
        Assert.All(
            ["published", "rolledBack", "unknownCommitted", "unknownRolledBack", "fencedCompletions"],
            name => Assert.NotEqual(0, result.GetProperty(name).GetInt32()));
    }

    [Fact]
    public async Task FencingDisabled_NodeStalledPastItsLease_IsFound()
    {
        var run = await ProgramRun.StartAsync(["--disable-fencing", "--point", "stall-after-2xx", "--seed", "20", .. Patient]);

        Assert.Equal(1, run.ExitCode);
        Assert.NotEqual(0, run.Result.GetProperty("violations").GetProperty("I6").GetInt32());
        Assert.Contains("I6: Delivery ", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--nodes", "9")]
    [InlineData("--rounds")]
    [InlineData("--point", "earthquake")]
    [InlineData("--loud")]
    public async Task WrongArguments_AreRefusedWithTheCure(params string[] arguments)
    {
        var run = await ProgramRun.StartAsync(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("usage: ", run.Errors, StringComparison.Ordinal);
    }
}
