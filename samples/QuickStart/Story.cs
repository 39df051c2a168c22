using System.Diagnostics;

namespace QuickStart;

/// <summary>Tells what happened, and remembers whether it all went as promised.</summary>
public sealed class Story
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private int _steps;
    private int _broken;

    public Story(StoryFolder folder)
    {
        Console.WriteLine($"WebhookKit QuickStart: a shop and a warehouse, each with its own database in {folder.Path}");
        Console.WriteLine();
    }

    public void Tell(string step, bool asPromised, string evidence)
    {
        _broken += asPromised ? 0 : 1;
        Console.WriteLine($" {++_steps}. {(asPromised ? "ok    " : "BROKEN")} {step}");
        Console.WriteLine($"           {evidence}");
    }

    public async Task ServeAsync(string shopUrl, string warehouseUrl)
    {
        Console.WriteLine();
        Console.WriteLine("Both hosts stay up. Try:");
        Console.WriteLine($"  curl -X POST '{shopUrl}/orders/A-2001?total=9.90'     # an order, and its webhook");
        Console.WriteLine($"  curl {warehouseUrl}/parcels                            # what the warehouse handled");
        Console.WriteLine($"  curl -i -X POST {warehouseUrl}/webhooks/shop -H 'Content-Type: application/json' -d '{{}}'   # unsigned: 401");
        Console.WriteLine("Press Ctrl+C to stop.");
        var stopped = new TaskCompletionSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stopped.TrySetResult();
        };
        await stopped.Task;
    }

    public int End()
    {
        Console.WriteLine();
        Console.WriteLine(_broken == 0
            ? $"Everything went as promised ({_watch.Elapsed.TotalSeconds:0.0} s)."
            : $"{_broken} of {_steps} promises were broken.");
        return _broken == 0 ? 0 : 1;
    }
}
