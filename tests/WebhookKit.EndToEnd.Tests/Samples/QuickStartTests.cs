namespace WebhookKit.EndToEnd.Tests.Samples;

public sealed class QuickStartTests
{
    [Fact]
    public async Task Run_Plain_KeepsAllSevenPromises()
    {
        var run = await StoryRun.RunAsync("QuickStart");

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(Enumerable.Range(1, 7).Select(number => (number, true)), run.Steps);
    }

    // A broken step can break later ones: the first is where the fault belongs.
    [Theory]
    [InlineData("retry-missing", 3)]
    [InlineData("wrong-bytes", 3)]
    [InlineData("rollback-sent", 5)]
    [InlineData("duplicate-handled", 6)]
    [InlineData("forged-accepted", 7)]
    public async Task Run_WithFault_BreaksThePromiseOfItsStep(string fault, int step)
    {
        var run = await StoryRun.RunAsync("QuickStart", "--fault", fault);

        Assert.True(run.ExitCode == 1, run.Output);
        Assert.Equal((step, false), run.Steps.First(told => !told.AsPromised));
        Assert.Equal(7, run.Steps.Count());
    }
}
