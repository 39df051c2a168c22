namespace WebhookKit.Handshakes;

/// <summary>What completing a registration came to.</summary>
public enum RegistrationResult
{
    /// <summary>Nothing was decided: the value of a forgotten result.</summary>
    None = 0,

    /// <summary>The registration is complete; its secret verifies.</summary>
    Completed,

    /// <summary>The same answer had completed it before; nothing changed.</summary>
    CompletedBefore,

    /// <summary>No registration is pending, or another answer has completed it.</summary>
    NotPending,

    /// <summary>The source has as many secrets as can be tried.</summary>
    Full,
}
