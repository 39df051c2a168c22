namespace WebhookKit.LoadTest;

/// <summary>Runs a side before anything is measured, so that its code is compiled and its connections are open.</summary>
internal static class WarmUp
{
    public const int Turns = 6;

    // The runtime compiles hot code anew only while no other code is being compiled for the first time.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static async Task RunAsync(Func<Task> turn, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Turns; i++)
        {
            await turn();
            await Task.Delay(Pause, cancellationToken);
        }
    }
}
