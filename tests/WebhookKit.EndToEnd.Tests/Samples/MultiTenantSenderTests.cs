namespace WebhookKit.EndToEnd.Tests.Samples;

public sealed class MultiTenantSenderTests
{
    [Fact]
    public async Task Run_Plain_KeepsAllFivePromises()
    {
        var run = await StoryRun.RunAsync("MultiTenantSender");

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(Enumerable.Range(1, 5).Select(number => (number, true)), run.Steps);
    }

    // A broken step can break later ones: the first is where the fault belongs.
    [Theory]
    [InlineData("secrets-plain", 1)]
    [InlineData("filter-missing", 2)]
    [InlineData("tenant-mixed", 2)]
    [InlineData("no-overlap", 3)]
    [InlineData("gone-unsaid", 4)]
    [InlineData("nobody-told", 4)]
    public async Task Run_WithFault_BreaksThePromiseOfItsStep(string fault, int step)
    {
        var run = await StoryRun.RunAsync("MultiTenantSender", "--fault", fault);

        Assert.True(run.ExitCode == 1, run.Output);
        Assert.True(run.Steps.FirstOrDefault(told => !told.AsPromised) == (step, false), run.Output);
        Assert.Equal(5, run.Steps.Count());
    }
}
