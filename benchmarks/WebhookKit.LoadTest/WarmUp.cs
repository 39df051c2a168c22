using WebhookKit.LoadTest.Processes;

namespace WebhookKit.LoadTest;

/// <summary>Runs a side before anything is measured, until its code is compiled for good and its connections are open.</summary>
internal static class WarmUp
{
    private const int FewestTurns = 6;
    private const int MostTurns = 40;

    // The runtime goes on with single methods for minutes; so many in a turn no longer show.
    private const int FewMethods = 20;

    // The runtime compiles hot code anew only while no other code is being compiled for the first time.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <returns>How many turns it took.</returns>
    public static async Task<int> RunAsync(RoleProcess[] processes, Func<Task> turn, CancellationToken cancellationToken)
    {
        var compiled = 0L;
        for (var turns = 1; ; turns++)
        {
            await turn();
            await Task.Delay(Pause, cancellationToken);
            var before = compiled;
            compiled = 0;
            foreach (var process in processes)
            {
                compiled += await process.CountCompiledMethodsAsync(cancellationToken);
            }

            if (turns == MostTurns || (turns >= FewestTurns && compiled - before <= FewMethods))
            {
                return turns;
            }
        }
    }
}
