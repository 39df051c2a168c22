using System.Diagnostics;

namespace WebhookKit.AspNetCore.Tests.Hosting;

internal static class Poll
{
    /// <summary>Waits until the condition holds, at most a minute.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), "The condition did not come true within a minute.");
            await Task.Delay(10);
        }
    }
}
