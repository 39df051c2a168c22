namespace WebhookKit.DependencyInjection;

/// <summary>Looks at the finished configuration when the host starts.</summary>
/// <remarks>
/// All checks of all packages run before any hosted service starts; the host stops with every error at once.
/// </remarks>
public interface IStartupCheck
{
    /// <summary>Lists what is wrong, each text quoting the value and naming the cure; empty when all is well.</summary>
    IEnumerable<string> GetErrors();
}
