using System.Globalization;

namespace WebhookKit.Verification;

/// <summary>One member of <c>Signature-Input</c> (RFC 9421, 4.1): which components a signature covers, and its parameters.</summary>
internal sealed record SignatureInput(string Label, string Raw, IReadOnlyList<SignatureInput.Component> Components, IReadOnlyDictionary<string, string> Parameters)
{
    private const int MaxMembers = 10;
    private const int MaxComponents = 64;

    /// <summary>When the signature was made, in Unix seconds; null when it does not say.</summary>
    public DateTimeOffset? Created => Instant("created");

    public DateTimeOffset? Expires => Instant("expires");

    /// <summary>Reads the header; null when it is no dictionary of inner lists, or names a label or component twice.</summary>
    public static IReadOnlyList<SignatureInput>? Parse(string text)
    {
        var reader = new StructuredReader(text);
        var inputs = new List<SignatureInput>();
        do
        {
            if (inputs.Count == MaxMembers || ReadMember(ref reader) is not { } input || inputs.Exists(other => other.Label == input.Label))
            {
                return null;
            }

            inputs.Add(input);
        }
        while (reader.TryReadComma());
        return reader.IsAtEnd ? inputs : null;
    }

    private static SignatureInput? ReadMember(ref StructuredReader reader)
    {
        if (!reader.TryReadKey(out var label) || !reader.TryRead('='))
        {
            return null;
        }

        var start = reader.Position;
        var components = new List<Component>();
        if (!reader.TryRead('('))
        {
            return null;
        }

        reader.SkipSpaces();
        while (!reader.TryRead(')'))
        {
            var from = reader.Position;
            if (components.Count == MaxComponents
                || !reader.TryReadString(out var name)
                || ReadParameters(ref reader) is not { } parameters)
            {
                return null;
            }

            var component = new Component(name, reader.TextFrom(from), parameters);
            if (components.Exists(other => other.Text == component.Text))
            {
                return null;
            }

            components.Add(component);
            if (reader.SkipSpaces() == 0 && !reader.IsNext(')'))
            {
                return null;
            }
        }

        return ReadParameters(ref reader) is { } own ? new SignatureInput(label, reader.TextFrom(start), components, own) : null;
    }

    private static Dictionary<string, string>? ReadParameters(ref StructuredReader reader)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.TryRead(';'))
        {
            reader.SkipSpaces();
            if (!reader.TryReadKey(out var name))
            {
                return null;
            }

            var value = "";
            if (reader.TryRead('=') && !reader.TryReadString(out value) && !reader.TryReadBareItem(out value))
            {
                return null;
            }

            if (!parameters.TryAdd(name, value))
            {
                return null;
            }
        }

        return parameters;
    }

    private DateTimeOffset? Instant(string name) =>
        Parameters.TryGetValue(name, out var text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>A covered component: its name, its text as it stands in the list, and its parameters.</summary>
    internal sealed record Component(string Name, string Text, IReadOnlyDictionary<string, string> Parameters);
}
