namespace QuickStart;

public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    /// <summary>Reads again and again until there is something, or patience ends.</summary>
    public static async Task<T?> ReadAsync<T>(Func<Task<T?>> read)
        where T : class
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!patience.IsCancellationRequested)
        {
            if (await read() is { } found)
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        return null;
    }
}
