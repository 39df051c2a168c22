using System.Globalization;
using WebhookKit.Chaos.Faults;

namespace WebhookKit.Chaos;

/// <summary>What the command line asks for.</summary>
internal sealed record ChaosOptions
{
    public const string Usage = """
        usage: chaos [--rounds N] [--seed S] [--nodes 2..4] [--lease-seconds X] [--work-seconds X] [--point NAME]…
                     [--min-in-flight N] [--disable-fencing] [--keep FOLDER]
        """;

    /// <summary>How many faults.</summary>
    /// <value>Default: one of each kind.</value>
    public int? Rounds { get; init; }

    /// <summary>Chooses faults, answers and what is published; the same seed makes the same plan.</summary>
    /// <value>Default: another one each time.</value>
    public int Seed { get; init; }

    public int Nodes { get; init; } = 2;

    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(3);

    public TimeSpan PollInterval => TimeSpan.FromSeconds(0.5);

    /// <summary>How long taking up lost work may last beyond lease and poll.</summary>
    public TimeSpan WorkAllowance { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What may be done.</summary>
    /// <value>Default: every fault.</value>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>How many requests of a node are waited for before a fault strikes it.</summary>
    public int MinInFlight { get; init; } = 120;

    public bool IsFencingDisabled { get; init; }

    /// <summary>Where ledgers and logs are left.</summary>
    /// <value>Default: in a temporary folder, which is deleted when nothing was violated.</value>
    public string? Folder { get; init; }

    /// <exception cref="FormatException">The text says what is wrong.</exception>
    public static ChaosOptions Parse(IEnumerable<string> arguments, int seed)
    {
        var options = new ChaosOptions { Seed = seed };
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var name))
        {
            options = name switch
            {
                "--rounds" => options with { Rounds = Integer(name, rest, 1, 100_000) },
                "--seed" => options with { Seed = Integer(name, rest, int.MinValue, int.MaxValue) },
                "--nodes" => options with { Nodes = Integer(name, rest, 2, 4) },
                "--lease-seconds" => options with { LeaseDuration = Seconds(name, rest) },
                "--work-seconds" => options with { WorkAllowance = Seconds(name, rest) },
                "--min-in-flight" => options with { MinInFlight = Integer(name, rest, 0, 1_000) },
                "--point" => options with { Faults = [.. options.Faults, Point(name, rest)] },
                "--disable-fencing" => options with { IsFencingDisabled = true },
                "--keep" => options with { Folder = Next(name, rest) },
                _ => throw new FormatException($"{name} is not known."),
            };
        }

        return options with { Faults = options.Faults is [] ? [.. FaultNames.All] : options.Faults };
    }

    private static string Next(string name, Queue<string> rest) =>
        rest.TryDequeue(out var value) ? value : throw new FormatException($"{name} needs a value.");

    private static int Integer(string name, Queue<string> rest, int least, int most) =>
        int.TryParse(Next(name, rest), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new FormatException($"{name} needs a number from {least} to {most}.");

    private static TimeSpan Seconds(string name, Queue<string> rest) =>
        double.TryParse(Next(name, rest), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0.5 and <= 300
            ? TimeSpan.FromSeconds(value)
            : throw new FormatException($"{name} needs seconds from 0.5 to 300.");

    private static Fault Point(string name, Queue<string> rest) =>
        FaultNames.Find(Next(name, rest))
        ?? throw new FormatException($"{name} needs one of {string.Join(", ", FaultNames.All.Select(FaultNames.NameOf))}.");
}
