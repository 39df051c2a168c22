namespace WebhookKit;

/// <summary>The host stops at start because WebhookKit's configuration is wrong.</summary>
public sealed class WebhookConfigurationException : WebhookException
{
    /// <summary>Creates the exception from everything that is wrong.</summary>
    /// <param name="errors">The errors, each naming its cure.</param>
    public WebhookConfigurationException(IReadOnlyList<string> errors)
        : base(Describe(errors))
    {
        Errors = errors;
    }

    /// <summary>Everything that is wrong, each text naming its cure.</summary>
    public IReadOnlyList<string> Errors { get; }

    private static string Describe(IReadOnlyList<string> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var lines = errors.Select((error, index) => $"{Environment.NewLine}  {index + 1}. {error}");
        return $"WebhookKit cannot start; {errors.Count} thing(s) to mend:{string.Concat(lines)}";
    }
}
