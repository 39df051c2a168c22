using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace WebhookKit.Architecture.Tests.PublicApi;

/// <summary>One member as one line.</summary>
internal static class MemberPrinter
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    public static string Constructor(ConstructorInfo constructor) =>
        Access(constructor) + constructor.DeclaringType!.Name.Split('`')[0] + Parameters(constructor);

    public static string Method(MethodInfo method)
    {
        var generics = method.IsGenericMethodDefinition
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>"
            : "";
        return Access(method) + Modifiers(method) + Type(method.ReturnParameter) + " " + method.Name + generics
            + Parameters(method) + Constraints(method.GetGenericArguments());
    }

    public static string Property(PropertyInfo property)
    {
        var getter = IsVisible(property.GetMethod) ? property.GetMethod : null;
        var setter = IsVisible(property.SetMethod) ? property.SetMethod : null;
        var widest = getter ?? setter!;
        var isInit = setter?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        var accessors = (getter is null ? "" : "get; ") + (setter is null ? "" : isInit ? "init; " : "set; ");
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var index = property.GetIndexParameters();
        var name = index.Length == 0 ? property.Name : $"this[{string.Join(", ", index.Select(Parameter))}]";

        return $"{Access(widest)}{required}{Modifiers(widest)}{TypeNames.Of(property.PropertyType, Nullability.Create(property))} {name} {{ {accessors}}}";
    }

    public static string Field(FieldInfo field)
    {
        var access = field.IsPublic ? "public " : "protected ";
        var kind = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        var value = field.IsLiteral ? $" = {Literal(field.GetRawConstantValue())}" : "";
        return access + kind + TypeNames.Of(field.FieldType, Nullability.Create(field)) + " " + field.Name + value;
    }

    public static string Event(EventInfo declared) =>
        $"{Access(declared.AddMethod!)}{Modifiers(declared.AddMethod!)}event {TypeNames.Of(declared.EventHandlerType!)} {declared.Name}";

    public static string Parameters(MethodBase method)
    {
        var receiver = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"({receiver}{string.Join(", ", method.GetParameters().Select(Parameter))})";
    }

    public static string Type(ParameterInfo parameter)
    {
        var prefix = parameter.ParameterType.IsByRef
            ? parameter.IsOut ? "out " : parameter.IsDefined(typeof(IsReadOnlyAttribute)) ? "in " : "ref "
            : parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "";
        return prefix + TypeNames.Of(parameter.ParameterType, Nullability.Create(parameter));
    }

    public static string Constraints(Type[] parameters) => string.Concat(parameters.Select(parameter =>
    {
        var flags = parameter.GenericParameterAttributes;
        var isStruct = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        IEnumerable<string> constraints =
        [
            .. flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? ["class"] : Array.Empty<string>(),
            .. isStruct ? ["struct"] : Array.Empty<string>(),
            .. parameter.GetGenericParameterConstraints().Where(type => type != typeof(ValueType)).Select(type => TypeNames.Of(type)),
            .. !isStruct && flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) ? ["new()"] : Array.Empty<string>(),
        ];
        var text = string.Join(", ", constraints);
        return text.Length > 0 ? $" where {parameter.Name} : {text}" : "";
    }));

    [return: NotNullIfNotNull(nameof(value))]
    public static string? Literal(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text.ReplaceLineEndings("\\n")}\"",
        char character => $"'{character}'",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static string Parameter(ParameterInfo parameter)
    {
        var value = !parameter.HasDefaultValue ? ""
            : parameter.RawDefaultValue is null && parameter.ParameterType.IsValueType ? " = default"
            : $" = {Literal(parameter.RawDefaultValue)}";
        return $"{Type(parameter)} {parameter.Name}{value}";
    }

    private static string Access(MethodBase method) =>
        method.DeclaringType!.IsInterface ? "" : method.IsPublic ? "public " : "protected ";

    private static string Modifiers(MethodInfo method)
    {
        if (method.IsStatic)
        {
            return method.IsAbstract ? "static abstract " : "static ";
        }

        if (method.DeclaringType!.IsInterface)
        {
            return method.IsAbstract ? "" : "virtual ";
        }

        var isOverride = method.GetBaseDefinition() != method;
        return method switch
        {
            { IsAbstract: true } => isOverride ? "abstract override " : "abstract ",
            { IsVirtual: true, IsFinal: false } => isOverride ? "override " : "virtual ",
            { IsVirtual: true } when isOverride => "sealed override ",
            _ => "",
        };
    }
}
