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

    /// <param name="processes">Whose code is to be compiled.</param>
    /// <param name="messages">How many are measured: for a few, nobody waits long.</param>
    /// <param name="turn">One turn.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many turns it took.</returns>
    public static async Task<int> RunAsync(
        RoleProcess[] processes, int messages, Func<Task> turn, CancellationToken cancellationToken)
    {
        var most = Math.Clamp(messages / 100, FewestTurns, MostTurns);
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

            if (turns == most || (turns >= FewestTurns && compiled - before <= FewMethods))
            {
                return turns;
            }
        }
    }
}
