namespace WebhookKit.Chaos.Faults;

/// <summary>What is done to a node or to the database in one round.</summary>
internal enum Fault
{
    /// <summary>Kill: deliveries are leased, nothing of them is sent.</summary>
    AfterLease = 0,

    /// <summary>Kill: the receiver has answered 2xx, the completion is not begun.</summary>
    AfterAnswer = 1,

    /// <summary>Kill: inside the statement that writes completions.</summary>
    MidCompletion = 2,

    /// <summary>Kill: inside the transaction that makes deliveries.</summary>
    MidFanOut = 3,

    /// <summary>Kill at any moment.</summary>
    Random = 4,

    /// <summary>The process is stopped at any moment for longer than its lease, then goes on.</summary>
    Stall = 5,

    /// <summary>The same between the receiver's answer and the completion, which then comes late.</summary>
    StallAfterAnswer = 6,

    /// <summary>The same inside the transaction that makes deliveries.</summary>
    StallMidFanOut = 7,

    /// <summary>The database server dies and recovers.</summary>
    DatabaseCrash = 8,
}

internal static class FaultNames
{
    private static readonly string[] Texts =
    [
        "after-lease", "after-2xx", "mid-completion", "mid-fan-out", "random",
        "stall", "stall-after-2xx", "stall-mid-fan-out", "database-crash",
    ];

    /// <summary>The name on the command line and in the result.</summary>
    public static string NameOf(Fault fault) => Texts[(int)fault];

    /// <summary>The name of the point in the code where the node is struck.</summary>
    public static string PointOf(Fault fault) => NameOf(fault switch
    {
        Fault.StallAfterAnswer => Fault.AfterAnswer,
        Fault.StallMidFanOut => Fault.MidFanOut,
        _ => fault,
    });

    public static Fault? Find(string name) => Array.IndexOf(Texts, name) is >= 0 and var fault ? (Fault)fault : null;

    public static bool IsKill(Fault fault) => fault <= Fault.Random;

    public static bool IsStall(Fault fault) => fault is Fault.Stall or Fault.StallAfterAnswer or Fault.StallMidFanOut;

    public static IEnumerable<Fault> All => Enum.GetValues<Fault>();

    public static IEnumerable<Fault> Kills => All.Where(IsKill);
}
