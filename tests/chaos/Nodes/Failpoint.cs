namespace WebhookKit.Chaos.Nodes;

/// <summary>Where the parent wants this node to stand still: to be killed there, or stopped for a while.</summary>
internal sealed class Failpoint
{
    private string? _armed;
    private TaskCompletionSource? _standing;

    /// <summary>Sets the point by its name.</summary>
    public void Arm(string point) => Volatile.Write(ref _armed, point);

    /// <summary>Takes back the point, and lets what stands still there go on.</summary>
    public void GoOn()
    {
        Volatile.Write(ref _armed, null);
        Interlocked.Exchange(ref _standing, null)?.SetResult();
    }

    /// <summary>Goes on at once, unless it is the armed point: then it reports and waits.</summary>
    public async ValueTask PassAsync(string point)
    {
        if (Volatile.Read(ref _armed) == point && Interlocked.Exchange(ref _armed, null) == point)
        {
            var standing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _standing, standing);
            NodeHost.Say(NodeWords.Reached);
            await standing.Task;
        }
    }
}
