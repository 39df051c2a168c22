using System.CommandLine;
using System.Globalization;

namespace WebhookKit.Cli.Input;

/// <summary>An instant in Unix seconds, the system's clock unless it is given.</summary>
internal static class Instant
{
    public static Option<long?> Option(string name, string description) => new(name) { Description = description };

    public static DateTimeOffset? Read(long? seconds) => seconds switch
    {
        null => null,
        // What DateTimeOffset can hold.
        >= -62_135_596_800 and <= 253_402_300_799 => DateTimeOffset.FromUnixTimeSeconds(seconds.Value),
        _ => throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{seconds} is not an instant in Unix seconds.")),
    };
}
