using System.Diagnostics;

namespace WebhookKit.EndToEnd.Tests.Hosting;

internal static class Eventually
{
    // Far longer than a lease: what a crash left of an owner that does not know that it is one waits for its end.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    /// <summary>Reads again and again until the answer is as wanted; fails with the last one at the deadline.</summary>
    public static async Task<T> ReadAsync<T>(Func<Task<T>> read, Predicate<T> isWanted)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var found = await read();
            if (isWanted(found))
            {
                return found;
            }

            Assert.True(watch.Elapsed < Deadline, $"After {Deadline.TotalSeconds} s it is still: {found}");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
