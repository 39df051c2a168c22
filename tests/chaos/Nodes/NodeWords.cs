namespace WebhookKit.Chaos.Nodes;

/// <summary>What parent and node say to each other, a line each.</summary>
internal static class NodeWords
{
    public const string Ready = "ready";
    public const string Publish = "publish";
    public const string Pause = "pause";

    /// <summary>Leaves the failpoint.</summary>
    public const string GoOn = "go on";

    /// <summary>The node waits at its armed failpoint, to be killed or told to go on.</summary>
    public const string Reached = "reached";
}
