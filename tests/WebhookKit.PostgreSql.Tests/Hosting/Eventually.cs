using System.Diagnostics;

namespace WebhookKit.PostgreSql.Tests.Hosting;

internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Reads again and again until the answer is as wanted; fails with the last one when it takes too long.</summary>
    public static async Task<T> ReadAsync<T>(Func<Task<T>> read, Predicate<T> isWanted, string what)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var found = await read();
            if (isWanted(found))
            {
                return found;
            }

            Assert.True(waited.Elapsed < Patience, $"After {Patience.TotalSeconds} s {what} is still {found}.");
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }

    public static Task UntilAsync(Func<bool> condition, string what) =>
        ReadAsync(() => Task.FromResult(condition()), isMet => isMet, what);
}
