namespace WebhookKit.Endpoints;

/// <summary>What became of an endpoint by a batch of outcomes, where a person would want to know it.</summary>
public enum EndpointHealthChange
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It began to count as failing.</summary>
    Failing = 1,

    /// <summary>It no longer counts as failing.</summary>
    Recovered = 2,

    /// <summary>It was disabled.</summary>
    Disabled = 3,
}
