namespace WebhookKit.Chaos.Tests.Running;

/// <summary>Mixed duplicates to a receiver that is killed again and again.</summary>
public abstract class DuplicatesTests(string store)
{
    [Theory]
    [InlineData("inline", "claimed", "committed", "random")]
    [InlineData("inbox", "claimed", "committed", "handling", "handled", "random")]
    public async Task Receive_KilledAtEveryPoint_EffectsEqualClaimKeys(string handOver, params string[] points)
    {
        var run = await ProgramRun.StartAsync("receive", "--store", store, "--hand-over", handOver, "--requests", "400", "--seed", "5");

        Assert.True(run.ExitCode == 0, run.Errors + run.Output);
        var result = run.Result;
        Assert.All(points, point => Assert.Equal(1, result.GetProperty("killsPerPoint").GetProperty(point).GetInt32()));
        Assert.Equal(400, result.GetProperty("requests").GetInt32());
        Assert.InRange(result.GetProperty("claimKeys").GetInt32(), 80, 200);
        Assert.Equal(result.GetProperty("claimKeys").GetInt32(), result.GetProperty("effects").GetInt32());
        Assert.All(["lost", "doubled", "phantom"], name => Assert.Equal(0, result.GetProperty(name).GetInt32()));
        Assert.NotEqual(0, result.GetProperty("repeats").GetInt32());
    }
}

public sealed class SqliteDuplicatesTests() : DuplicatesTests("sqlite");

public sealed class PostgresDuplicatesTests() : DuplicatesTests("postgres")
{
    [Fact]
    public async Task ClaimsDisabled_Duplicates_AreFound()
    {
        var run = await ProgramRun.StartAsync("receive", "--disable-claims", "--requests", "200", "--kills", "0", "--seed", "5");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(200 - run.Result.GetProperty("claimKeys").GetInt32(), run.Result.GetProperty("doubled").GetInt32());
    }

    [Theory]
    [InlineData("--store", "paper")]
    [InlineData("--requests", "1")]
    [InlineData("--kills")]
    [InlineData("--loud")]
    public async Task WrongArguments_AreRefusedWithTheCure(params string[] arguments)
    {
        var run = await ProgramRun.StartAsync(["receive", .. arguments]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("usage: chaos receive ", run.Errors, StringComparison.Ordinal);
    }
}
