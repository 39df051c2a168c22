using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace WebhookKit.Architecture.Tests.PublicApi;

/// <summary>Writes everything a user of an assembly can name, sorted, one line each.</summary>
internal static class PublicApiPrinter
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Print(Assembly assembly) => Print(assembly.GetExportedTypes());

    public static string Print(IEnumerable<Type> types)
    {
        var text = new StringBuilder();
        foreach (var group in types.GroupBy(type => type.Namespace ?? "").OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"namespace {group.Key}\n");
            foreach (var (name, type) in group.Select(type => (TypeNames.Of(type), type)).OrderBy(pair => pair.Item1, StringComparer.Ordinal))
            {
                Append(text, type, name);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Type type, string name)
    {
        AppendAttributes(text, type, "  ");
        if (type.BaseType == typeof(MulticastDelegate))
        {
            var invoke = type.GetMethod("Invoke")!;
            text.Append(CultureInfo.InvariantCulture, $"  public delegate {MemberPrinter.Type(invoke.ReturnParameter)} {name}{MemberPrinter.Parameters(invoke)}\n");
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"  {(type.IsNestedFamily ? "protected" : "public")} {Kind(type)} {name}{Bases(type)}{MemberPrinter.Constraints(type.GetGenericArguments())}\n");
        foreach (var (line, member) in Members(type))
        {
            AppendAttributes(text, member, "    ");
            text.Append(CultureInfo.InvariantCulture, $"    {line}\n");
        }
    }

    private static string Kind(Type type)
    {
        if (type.IsEnum)
        {
            return "enum";
        }

        if (type.IsInterface)
        {
            return "interface";
        }

        var isRecord = type.GetMethod("PrintMembers", Declared)?.IsDefined(typeof(CompilerGeneratedAttribute)) == true;
        if (type.IsValueType)
        {
            return (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + (isRecord ? "record " : "") + "struct";
        }

        var modifier = type switch
        {
            { IsAbstract: true, IsSealed: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsSealed: true } => "sealed ",
            _ => "",
        };
        return modifier + (isRecord ? "record" : "class");
    }

    private static string Bases(Type type)
    {
        if (type.IsEnum)
        {
            var underlying = Enum.GetUnderlyingType(type);
            return underlying == typeof(int) ? "" : $" : {TypeNames.Of(underlying)}";
        }

        var inherited = type.GetInterfaces().SelectMany(contract => contract.GetInterfaces())
            .Concat(type.BaseType?.GetInterfaces() ?? []);
        var contracts = type.GetInterfaces().Except(inherited)
            .Where(contract => contract.IsVisible)
            .Select(contract => TypeNames.Of(contract))
            .Order(StringComparer.Ordinal);
        var parent = type.BaseType is { } baseType && baseType != typeof(object) && baseType != typeof(ValueType)
            ? [TypeNames.Of(baseType)]
            : Array.Empty<string>();

        var text = string.Join(", ", parent.Concat(contracts));
        return text.Length > 0 ? " : " + text : "";
    }

    private static IEnumerable<(string Line, MemberInfo Member)> Members(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .OrderBy(field => Convert.ToDecimal(field.GetRawConstantValue(), CultureInfo.InvariantCulture))
                .Select(field => ($"{field.Name} = {MemberPrinter.Literal(field.GetRawConstantValue())}", (MemberInfo)field));
        }

        return type.GetMembers(Declared).Select(member => (Line(member, type.IsSealed), member))
            .Where(pair => pair.Item1 is not null)
            .Select(pair => (Line: pair.Item1!, Member: pair.member))
            .OrderBy(pair => Rank(pair.Member))
            .ThenBy(pair => pair.Member.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Line, StringComparer.Ordinal);
    }

    private static int Rank(MemberInfo member) => member switch
    {
        FieldInfo => 0,
        ConstructorInfo => 1,
        PropertyInfo => 2,
        EventInfo => 3,
        _ => 4,
    };

    private static string? Line(MemberInfo member, bool isSealed) => member switch
    {
        ConstructorInfo { IsStatic: false } constructor when Counts(constructor, isSealed) => MemberPrinter.Constructor(constructor),
        PropertyInfo property when Counts(property.GetMethod, isSealed) || Counts(property.SetMethod, isSealed) => MemberPrinter.Property(property),
        EventInfo declared when Counts(declared.AddMethod, isSealed) => MemberPrinter.Event(declared),
        FieldInfo field when field.IsPublic || (!isSealed && (field.IsFamily || field.IsFamilyOrAssembly)) => MemberPrinter.Field(field),
        MethodInfo method when Counts(method, isSealed) && IsWritten(method) => MemberPrinter.Method(method),
        _ => null,
    };

    private static bool Counts(MethodBase? method, bool isSealed) => method is not null && (method.IsPublic || (!isSealed && MemberPrinter.IsVisible(method)));

    /// <summary>What a record synthesizes and what a property or an event owns is said by their own lines.</summary>
    private static bool IsWritten(MethodInfo method) =>
        !method.IsDefined(typeof(CompilerGeneratedAttribute)) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal));

    private static void AppendAttributes(StringBuilder text, MemberInfo member, string indent)
    {
        var lines = member.GetCustomAttributes(inherit: false).Select(attribute => attribute switch
        {
            ExperimentalAttribute experimental => $"[Experimental({MemberPrinter.Literal(experimental.DiagnosticId)})]",
            FlagsAttribute => "[Flags]",
            ObsoleteAttribute obsolete when !IsCompilerMarker(obsolete) => $"[Obsolete({MemberPrinter.Literal(obsolete.Message)})]",
            RequiresDynamicCodeAttribute => "[RequiresDynamicCode]",
            RequiresUnreferencedCodeAttribute => "[RequiresUnreferencedCode]",
            _ => null,
        });

        foreach (var line in lines.OfType<string>().Order(StringComparer.Ordinal))
        {
            text.Append(indent).Append(line).Append('\n');
        }
    }

    /// <summary>The compiler marks ref structs and required members obsolete for compilers that do not know them.</summary>
    private static bool IsCompilerMarker(ObsoleteAttribute attribute) =>
        attribute.Message?.Contains("not supported in this version of your compiler", StringComparison.Ordinal) == true;
}
