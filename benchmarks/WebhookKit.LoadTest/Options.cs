using System.CommandLine;
using WebhookKit.LoadTest.Databases;

namespace WebhookKit.LoadTest;

/// <summary>The options that commands share, each made anew.</summary>
internal static class Options
{
    public static Option<int> Number(string name, int value, string description, int least = 1)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) < least)
            {
                result.AddError($"{name} must be at least {least}.");
            }
        });
        return option;
    }

    public static Option<StoreKind> Store(params StoreKind[] kinds)
    {
        var option = new Option<StoreKind>("--store")
        {
            Description = "Where messages and deliveries are kept.",
            DefaultValueFactory = _ => StoreKind.Postgres,
        };
        option.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, [.. kinds.Select(kind => kind.ToString().ToLowerInvariant())]);
        return option;
    }

    public static Option<int> Messages(int value) => Number("--messages", value, "How many messages.");

    public static Option<int> Endpoints(int value) =>
        Number("--endpoints", value, "How many endpoints, each with a tenant of its own; every message goes to exactly one.");

    public static Option<int> Payload() => Number("--payload", 1024, "The length of a payload in bytes.", least: 100);

    public static Option<int> MaxInFlight() => Number("--max-in-flight", 1_000, "The most attempts at once, of the sender and of the floor.");

    public static Option<int> Runs() => Number("--runs", 5, "How often each side runs, in turns; figures are medians.");
}
