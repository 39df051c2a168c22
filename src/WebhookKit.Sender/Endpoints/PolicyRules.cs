namespace WebhookKit.Endpoints;

/// <summary>The bounds of a policy; every error names its cure.</summary>
internal static class PolicyRules
{
    private const int MaxAttempts = 100;
    private const int MaxCertificateName = 256;

    /// <summary>Adds to the errors what is out of bounds; the signature is not looked at.</summary>
    public static void Check(EndpointPolicy policy, SenderOptions options, List<string> errors)
    {
        if (policy.RetrySchedule?.MaxAttempts > MaxAttempts)
        {
            errors.Add($"The retry schedule has {policy.RetrySchedule.MaxAttempts} attempts: use at most {MaxAttempts}.");
        }

        // Leases are counted by the options' deadline.
        if (policy.AttemptTimeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > options.AttemptTimeout))
        {
            errors.Add($"The attempt timeout is {timeout}: use more than zero and at most {options.AttemptTimeout}, or raise SenderOptions.AttemptTimeout.");
        }

        if (policy.MaxInFlight is { } maxInFlight && (maxInFlight < 1 || maxInFlight > options.MaxInFlightPerEndpoint))
        {
            errors.Add($"The most attempts at once are {maxInFlight}: use 1 to {options.MaxInFlightPerEndpoint}, or raise "
                + "SenderOptions.MaxInFlightPerEndpoint.");
        }

        if (policy.ClientCertificate is { Length: 0 or > MaxCertificateName })
        {
            errors.Add($"The name of the client certificate has {policy.ClientCertificate.Length} characters: use 1 to {MaxCertificateName}, or leave it open.");
        }

        if (policy.Rate is { Requests: 0 })
        {
            errors.Add("The rate has no requests: make it by EndpointRate.PerSecond, or leave it open.");
        }
    }
}
