namespace WebhookKit.Chaos.Publishing;

/// <summary>In which way a publisher treats its transaction.</summary>
internal enum PublishKind
{
    /// <summary>One <c>SaveChanges</c>.</summary>
    Plain = 0,

    /// <summary>A transaction rolled back after saving.</summary>
    RolledBack = 1,

    /// <summary>Two messages, the second of which a savepoint undoes.</summary>
    SavepointUndone = 2,

    /// <summary>A transaction that commits long after its message got an id, so that commits come out of order.</summary>
    LateCommit = 3,

    /// <summary>A transaction whose connection breaks at the commit.</summary>
    UnknownOutcome = 4,

    /// <summary>Two messages in turn with the same idempotency key.</summary>
    Repeated = 5,
}
