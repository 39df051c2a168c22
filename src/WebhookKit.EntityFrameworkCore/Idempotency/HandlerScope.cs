namespace WebhookKit.EntityFrameworkCore.Idempotency;

/// <summary>Knows whether the code that runs is a handler inside its transaction.</summary>
internal static class HandlerScope
{
    private static readonly AsyncLocal<Mark?> Current = new();

    public static bool IsActive => Current.Value?.IsActive == true;

    /// <summary>Marks what runs until the mark is disposed, also for work that the handler started and did not await.</summary>
    public static IDisposable Enter() => Current.Value = new Mark();

    private sealed class Mark : IDisposable
    {
        public bool IsActive { get; private set; } = true;

        public void Dispose() => IsActive = false;
    }
}
