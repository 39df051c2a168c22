using System.Globalization;

namespace WebhookKit.Chaos.Duplicates;

/// <summary>What the command line asks for behind <c>receive</c>.</summary>
internal sealed record DuplicatesOptions
{
    public const string Command = "receive";

    public const string Usage = """
        usage: chaos receive [--store postgres|sqlite] [--hand-over inline|inbox] [--requests N] [--kills N] [--senders N]
                             [--seed S] [--disable-claims] [--keep FOLDER]
        """;

    public DuplicatesStore Store { get; init; }

    /// <summary>Whether the receiver answers before an event is handled.</summary>
    public bool IsInbox { get; init; }

    /// <summary>How many requests, copies included.</summary>
    public int Requests { get; init; } = 10_000;

    /// <summary>How many kills.</summary>
    /// <value>Default: one at each point.</value>
    public int? Kills { get; init; }

    /// <summary>How many send at once.</summary>
    public int Senders { get; init; } = 16;

    /// <summary>Chooses the copies, their order and when a kill strikes; the same seed makes the same plan.</summary>
    /// <value>Default: another one each time.</value>
    public int Seed { get; init; }

    /// <summary>Whether events are handled without a claim, so that there is something to find.</summary>
    public bool AreClaimsDisabled { get; init; }

    /// <summary>Where the receivers' logs are left.</summary>
    /// <value>Default: in a temporary folder, which is deleted when nothing is wrong.</value>
    public string? Folder { get; init; }

    public IReadOnlyList<KillPoint> Points => IsInbox
        ? [KillPoint.Claimed, KillPoint.Committed, KillPoint.Handling, KillPoint.Handled, KillPoint.Random]
        : [KillPoint.Claimed, KillPoint.Committed, KillPoint.Random];

    /// <exception cref="FormatException">The text says what is wrong.</exception>
    public static DuplicatesOptions Parse(IEnumerable<string> arguments, int seed)
    {
        var options = new DuplicatesOptions { Seed = seed };
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var name))
        {
            options = name switch
            {
                "--store" => options with { Store = OneOf(name, rest, ("postgres", DuplicatesStore.Postgres), ("sqlite", DuplicatesStore.Sqlite)) },
                "--hand-over" => options with { IsInbox = OneOf(name, rest, ("inline", false), ("inbox", true)) },
                "--requests" => options with { Requests = Integer(name, rest, 100, 10_000_000) },
                "--kills" => options with { Kills = Integer(name, rest, 0, 10_000) },
                "--senders" => options with { Senders = Integer(name, rest, 1, 1_000) },
                "--seed" => options with { Seed = Integer(name, rest, int.MinValue, int.MaxValue) },
                "--disable-claims" => options with { AreClaimsDisabled = true },
                "--keep" => options with { Folder = Next(name, rest) },
                _ => throw new FormatException($"{name} is not known."),
            };
        }

        return options;
    }

    private static string Next(string name, Queue<string> rest) =>
        rest.TryDequeue(out var value) ? value : throw new FormatException($"{name} needs a value.");

    private static int Integer(string name, Queue<string> rest, int least, int most) =>
        int.TryParse(Next(name, rest), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new FormatException($"{name} needs a number from {least} to {most}.");

    private static T OneOf<T>(string name, Queue<string> rest, params (string Text, T Value)[] known)
    {
        var given = Next(name, rest);
        var found = Array.FindIndex(known, one => one.Text == given);
        return found >= 0
            ? known[found].Value
            : throw new FormatException($"{name} needs one of {string.Join(", ", known.Select(one => one.Text))}.");
    }
}
