using System.Reflection;

namespace WebhookKit.Architecture.Tests.PublicApi;

/// <summary>Types as C# writes them, without namespaces, with the nullability the compiler recorded.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(decimal)] = "decimal",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(object)] = "object",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(string)] = "string",
        [typeof(uint)] = "uint",
        [typeof(ulong)] = "ulong",
        [typeof(ushort)] = "ushort",
        [typeof(void)] = "void",
    };

    public static string Of(Type type, NullabilityInfo? nullability = null)
    {
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!, nullability);
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Of(underlying) + "?";
        }

        return Bare(type, nullability) + (CanBeNull(type) && IsNullable(nullability) ? "?" : "");
    }

    /// <summary>Reflection calls every unconstrained type parameter nullable.</summary>
    private static bool CanBeNull(Type type) => type.IsGenericParameter
        ? type.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint)
        : !type.IsValueType;

    private static bool IsNullable(NullabilityInfo? nullability) =>
        nullability is { ReadState: NullabilityState.Nullable } or { WriteState: NullabilityState.Nullable };

    private static string Bare(Type type, NullabilityInfo? nullability)
    {
        if (type.IsArray)
        {
            return Of(type.GetElementType()!, nullability?.ElementType) + $"[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (type.IsPointer)
        {
            return Of(type.GetElementType()!) + "*";
        }

        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        return type.IsGenericParameter ? type.Name : Named(type, nullability);
    }

    private static string Named(Type type, NullabilityInfo? nullability)
    {
        var all = type.GetGenericArguments();
        var outer = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        var arguments = all.Select((argument, index) => Of(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(index)));
        var own = string.Join(", ", arguments.Skip(outer));
        var name = type.Name.Split('`')[0] + (own.Length > 0 ? $"<{own}>" : "");

        return type.DeclaringType is { } declaring ? $"{Named(declaring, null)}.{name}" : name;
    }
}
