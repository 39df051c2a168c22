using System.Diagnostics.CodeAnalysis;

#pragma warning disable CA1822, CA1051, CS0067, CS1591, CS0169

namespace WebhookKit.Architecture.Tests.PublicApi.Samples;

// One of each shape, so that a printer that overlooks one is seen.
public delegate void Notified(string name, int? count = null);

[Flags]
public enum Choices : byte
{
    None = 0,
    First = 1,
    Second = 2,
}

public interface IContract<T> : IDisposable
    where T : class
{
    ValueTask<T?> FindAsync(string name, CancellationToken cancellationToken);

    void Default()
    {
    }
}

public abstract class Open : Exception, IComparable<Open>
{
    protected readonly int Limit;

    protected Open(string? message)
        : base(message)
    {
    }

    public event EventHandler? Changed;

    public abstract int Size { get; }

    protected virtual string Hidden => "";

    public int CompareTo(Open? other) => 0;

    public sealed override string ToString() => "";

    private void Unseen()
    {
    }
}

public sealed record Person(string Name, IReadOnlyDictionary<string, string?> Labels)
{
    public const string Unknown = "nobody";

    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    public required int Age { get; init; }

    public int Mood { get; private set; }
}

public readonly record struct Point(int X, int Y)
{
    public static Point operator +(Point left, Point right) => new(left.X + right.X, left.Y + right.Y);
}

[Experimental("SAMPLE001")]
public static class Verbs
{
    [Obsolete("Use something else")]
    public static bool TryGet<T>(string? text, [NotNullWhen(true)] out T? value, in int start = 0, params ReadOnlySpan<string> rest)
        where T : struct, IComparable<T>
    {
        value = null;
        return false;
    }

    public static TOptions Configure<TOptions>(this TOptions options, Action<TOptions>? configure = null, CancellationToken cancellationToken = default)
        where TOptions : class, new() => options;
}

public ref struct Window
{
    public ReadOnlySpan<byte> Bytes;

    public byte this[int index] => Bytes[index];

    public int[,] Grid() => new int[1, 1];

    public enum Side
    {
        Left = 1,
    }
}
