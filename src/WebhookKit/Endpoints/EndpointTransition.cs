namespace WebhookKit.Endpoints;

/// <summary>What a batch of outcomes makes of an endpoint.</summary>
/// <param name="State">Its health from now on.</param>
/// <param name="Change">What a person would want to know.</param>
/// <param name="DisableBecause">Set when it is to be disabled now.</param>
public readonly record struct EndpointTransition(
    EndpointState State, EndpointHealthChange Change = EndpointHealthChange.None, EndpointStatusReason? DisableBecause = null);
