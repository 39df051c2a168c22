namespace WebhookKit.Rendering;

/// <summary>A form of payloads that policies name: an entry of <see cref="PayloadFormats"/>, or one of the host's own.</summary>
/// <remarks>
/// A message is rendered once, while it is fanned out, and stored beside the original: every attempt sends the same bytes, signed
/// like any others.
/// </remarks>
public sealed class PayloadFormat
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Creates a format.</summary>
    /// <param name="name">The name in policies, in whatever case: 1 to 64 ASCII letters, digits, <c>-</c>, <c>_</c> or <c>.</c>.</param>
    /// <param name="render">
    /// Makes the payload from a message. It is called by the dispatcher, from any thread and also while the store's transaction is open,
    /// so it must be quick, ask nothing of the outside, and make the same of the same message. What it throws is logged, and fails
    /// attempts until it does no more.
    /// </param>
    /// <exception cref="ArgumentException">The name cannot be used.</exception>
    public PayloadFormat(string name, Func<WebhookMessage, RenderedPayload> render)
    {
        ArgumentNullException.ThrowIfNull(render);
        Name = IsValidName(name) ? name : throw new ArgumentException(
            $"'{name}' cannot name a payload format: use 1 to {MaxNameLength} ASCII letters, digits, '-', '_' or '.'.", nameof(name));
        Render = render;
    }

    /// <summary>The name in policies.</summary>
    public string Name { get; }

    /// <summary>Makes the payload from a message.</summary>
    public Func<WebhookMessage, RenderedPayload> Render { get; }

    /// <summary>Whether a format can have this name.</summary>
    public static bool IsValidName(string? name) =>
        name is { Length: > 0 and <= MaxNameLength }
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;
}
